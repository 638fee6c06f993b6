"""账号与审计: who may sign in at the county and do what, and who did what.

Pages ask `sign_in.SignInDesk` who somebody is, `rights.may` what they may do, and write to `audit`
what they did, in the same transaction. `book` and `second_factor` change accounts.
"""

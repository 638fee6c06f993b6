"""`cunyi county account add|list|password|role|disable|totp`: who may sign in at the county."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from edge.cli.arguments import CountyFolder
from edge.cli.county import county_app

account_app = typer.Typer(help="Who may sign in at the county.", no_args_is_help=True)
county_app.add_typer(account_app, name="account")
_Name = Annotated[str, typer.Argument(help="The account's name.")]
_Operator = Annotated[str, typer.Option(prompt="Your name", help="Kept in the audit trail.")]
_Who = Annotated[str, typer.Option("--operator", help="Your name, kept in the audit trail.")]
_Role = Annotated[str, typer.Option(help="operator, finance, supervisor, admin or read_only.")]
# Asked for and not an argument: arguments stand in the shell's history and the process list.
_Stdin = Annotated[bool, typer.Option("--stdin", help="Read the password from standard input.")]


@account_app.command("add")
def account_add(
    folder: CountyFolder, name: _Name, *, role: _Role, operator: _Who = "", stdin: _Stdin = False
) -> None:
    """Add one. The password has 12 letters or more, or is a sentence of 8 Chinese characters."""
    from cloud_sync.county.local_socket import ask_county

    said: dict[str, Any] = {"name": name, "role": role, "operator": _who(operator, stdin)}
    (told,) = ask_county(folder, "account_add", password=_password(stdin), **said)
    print(f"Added: {told['account']}.")


@account_app.command("list")
def account_list(folder: CountyFolder) -> None:
    """Print all of them, disabled ones too."""
    from cloud_sync.county.local_socket import ask_county

    accounts = list(ask_county(folder, "accounts"))
    for one in accounts:
        factor = "second factor" if one["second_factor"] else "password only"
        gone = f"  disabled {one['disabled']}" if one["disabled"] else ""
        print(f"{one['name']}  {one['role']}  {factor}  since {one['since']}{gone}")
    print(f"{sum(not one['disabled'] for one in accounts)} may sign in.")


@account_app.command("password")
def account_password(
    folder: CountyFolder, name: _Name, *, operator: _Who = "", stdin: _Stdin = False
) -> None:
    """Set a new password. All its sessions end, and so do its waits."""
    from cloud_sync.county.local_socket import ask_county

    said: dict[str, Any] = {"name": name, "operator": _who(operator, stdin)}
    (told,) = ask_county(folder, "account_password", password=_password(stdin), **said)
    print(f"New password: {told['account']}. All its sessions have ended.")


@account_app.command("role")
def account_role(
    folder: CountyFolder,
    name: _Name,
    role: Annotated[str, typer.Argument(help="The new role.")],
    *,
    operator: _Operator,
) -> None:
    """Give it another role. All its sessions end. The last admin stays one."""
    from cloud_sync.county.local_socket import ask_county

    (told,) = ask_county(folder, "account_role", name=name, role=role, operator=operator)
    print(f"{told['account']} is {role} now. All its sessions have ended.")


@account_app.command("disable")
def account_disable(folder: CountyFolder, name: _Name, *, operator: _Operator) -> None:
    """Let nobody sign in with it any more, for good. Its name stays in the audit trail."""
    from cloud_sync.county.local_socket import ask_county

    (told,) = ask_county(folder, "account_disable", name=name, operator=operator)
    print(f"Disabled: {told['account']}. All its sessions have ended.")


@account_app.command("totp")
def account_totp(
    folder: CountyFolder,
    name: _Name,
    *,
    operator: _Operator,
    off: Annotated[bool, typer.Option("--off", help="Remove it, e.g. for a lost phone.")] = False,
) -> None:
    """Enrol an authenticator app as second factor; prints ten recovery codes, this once."""
    from cloud_sync.county.local_socket import ask_county

    if off:
        (told,) = ask_county(folder, "account_totp_off", name=name, operator=operator)
        print(f"{told['account']} has no second factor now. All its sessions have ended.")
        return
    (drawn,) = ask_county(folder, "account_totp", name=name, operator=operator)
    print(f"Type this into the app, or make a QR code of the address:\n\n    {drawn['secret']}")
    print(f"    {drawn['address']}\n")
    _confirm(folder, name, operator)


def _confirm(folder: Path, name: str, operator: str) -> None:
    from cloud_sync.county.local_socket import ask_county

    said: dict[str, Any] = {"name": name, "operator": operator}
    code: str = typer.prompt("The code that it shows")
    (told,) = ask_county(folder, "account_totp_confirm", code=code, **said)
    print("It is on. Each of these is good once, instead of a code. They are not shown again:\n")
    for code in told["recovery_codes"]:
        print(f"    {code}")


def _who(operator: str, stdin: bool) -> str:
    """Never from standard input where the password is: it would be kept in the trail, in clear."""
    if operator:
        return operator
    if stdin:
        raise typer.BadParameter("with --stdin say who you are: --operator NAME")
    asked: str = typer.prompt("Your name")
    return asked


def _password(stdin: bool) -> str:
    if stdin:
        return sys.stdin.readline().rstrip("\r\n")
    asked: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return asked

"""Every named defence of the product, and how it is switched off to see the worlds notice."""

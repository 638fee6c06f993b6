"""What may be shown of a person or a secret: masking happens before a value leaves its room."""


def phone_tail(phone: str) -> str:
    """The last four digits of a phone number, or of whatever was typed."""
    return "".join(ch for ch in phone if ch.isdigit())[-4:]


def masked_name(name: str) -> str:
    """A person's name as it may be kept: its first letter, e.g. 刘**; empty where there is none."""
    bare = name.strip()
    return f"{bare[0]}**" if bare else ""


def spaced_code(digits: str) -> str:
    """Eight digits as people read them aloud: two groups of four."""
    return f"{digits[:4]} {digits[4:]}"


def yuan_text(fen: int) -> str:
    """An amount as people read it: yuan with two places."""
    return f"{fen // 100}.{fen % 100:02d}"


def short_waybill(waybill_no: str) -> str:
    """A waybill number for a small screen: its last four characters."""
    return f"…{waybill_no[-4:]}"

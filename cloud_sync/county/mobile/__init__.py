"""我的包裹: what an addressee sees on a phone, opened by a link that only he was told."""

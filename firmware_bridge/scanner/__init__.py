"""What barcode scanners send: lines, SSI packets, key strokes, pictures; and what they obey."""

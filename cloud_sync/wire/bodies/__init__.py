"""What facts, items and questions hold. Shipped bodies never change."""

"""What travels: envelope, bodies, messages, topics. Shipped bodies never change."""

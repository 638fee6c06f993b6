"""Lock banks: boards on a line (serial, Modbus) and relays on pins."""

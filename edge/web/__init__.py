"""The station's pages: kiosk and keeper. They talk to a Front and know nothing below it."""

"""Whoever carries messages to villagers: WeChat, SMS, voice calls."""

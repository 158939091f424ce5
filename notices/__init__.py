"""Notices (提醒, 简报) to people: over WeCom, DingTalk, Feishu, e-mail and webhooks. Knows no database."""

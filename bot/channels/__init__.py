"""WhatsApp and Telegram: platform messages become an Incoming, a Reply becomes messages within their limits."""

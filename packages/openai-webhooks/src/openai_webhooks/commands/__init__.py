"""The commands of `openai-webhooks`, a module each; `terminal` is what they read and say alike."""

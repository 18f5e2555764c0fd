"""The talk: what is heard (hearing, memory), what to say (acts, plan), in which words (compose). One thin action."""

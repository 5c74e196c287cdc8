"""The fault campaign: every alarm of a session, with everything broken that can break."""

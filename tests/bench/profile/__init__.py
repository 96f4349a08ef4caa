"""The profile: where the time of one worker goes, by layers."""

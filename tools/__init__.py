"""What writes references, events and calibrations, and replays bundles. Nothing that ships imports it."""

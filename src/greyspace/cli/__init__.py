"""The command line: names and sentences; the work is done in the rooms below."""

"""What a user can get wrong, or a machine can refuse, said in one sentence."""


class InputError(Exception):
    """Something the user gave is wrong; the message is one sentence naming the file, the key and the allowed range."""


class FolderError(Exception):
    """A folder or file of results cannot be read or written; the message is one sentence naming it."""


class ClusterError(Exception):
    """A cluster went away while it lived a run, which can be resumed; the message is one sentence."""

"""What is worked out when."""

from greyspace.web.live import Live


class Hand:
    """A process that takes whatever it is given."""

    process = None

    def give(self, number, task):
        pass


def test_what_nobody_asked_for_waits_until_no_job_is_at_work():
    """Somebody waits for a comparison that was started; for what is worked out ahead nobody does."""
    live, busy = Live(1), True
    live._idle.append(Hand())
    live.quiet = lambda: not busy
    live.prepare("ahead", None)
    assert live.begun == 0
    busy = False
    live.go_on()
    assert live.begun == 1

"""Other threads of Python run while the library works."""

import sys
import threading
import time
import unittest

import svod

from .support import QUERIES, sample


class Ticks:
    """Calls something in another thread, and notes when this one could run meanwhile."""

    def __init__(self, work):
        self.began = self.ended = 0.0
        self.ticks = []
        is_done = threading.Event()

        def run():
            self.began = time.perf_counter()
            work()
            self.ended = time.perf_counter()
            is_done.set()

        thread = threading.Thread(target=run)
        thread.start()
        while not is_done.is_set():
            self.ticks.append(time.perf_counter())
            time.sleep(0.0002)
        thread.join()

    def parts_with_ticks(self):
        """Of ten parts of the time that the call took, in how many this thread ran."""
        length = (self.ended - self.began) / 10
        return len({int((tick - self.began) / length) for tick in self.ticks if self.began <= tick < self.ended})


class Threads(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # What runs in Python on the way into a call and out of it is short beside the call.
        before = sys.getswitchinterval()
        sys.setswitchinterval(0.0002)
        cls.addClassCleanup(sys.setswitchinterval, before)
        cls.writer = svod.Writer()
        for number in range(4000):
            cls.writer.add(str(number), "\n\n".join(f"停火谈判 мир и война, ceasefire {number} {line}" for line in range(20)))

    def check(self, work):
        ticks = Ticks(work)
        self.assertGreater(ticks.ended - ticks.began, 0.015, "too short to tell anything")
        # While the interpreter is held this thread can run at the beginning and at the end only.
        self.assertGreaterEqual(ticks.parts_with_ticks(), 6)

    def test_run_while_a_thread_writes_and_another_searches(self):
        self.check(self.writer.commit)
        index = self.writer.index()
        self.check(lambda: index.count("+停火 +мир +ceasefire", by="section"))
        self.check(lambda: index.search('"停火谈判 мир"', limit=2000, before=3, after=3))

    def test_would_be_seen_to_wait_if_they_did(self):
        numbers = list(range(1_500_000))
        # One call that holds the interpreter.
        ticks = Ticks(lambda: sum(numbers))
        self.assertLess(ticks.parts_with_ticks(), 6)

    def test_may_share_an_index(self):
        index = sample()
        expected = [[hit.id for hit in index.search(query)] for query in QUERIES]
        wrong = []

        def search():
            for _ in range(20):
                for query, ids in zip(QUERIES, expected):
                    if [hit.id for hit in index.search(query)] != ids:
                        wrong.append(query)
                    index.reload()

        threads = [threading.Thread(target=search) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(wrong, [])

    def test_may_share_a_writer(self):
        with svod.Writer() as writer:

            def add(first):
                for number in range(first, first + 250):
                    writer.add(str(number), f"停火 {number}")

            threads = [threading.Thread(target=add, args=[first]) for first in range(0, 1000, 250)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        self.assertEqual(writer.index().search("停火", limit=None).total, 1000)


if __name__ == "__main__":
    unittest.main()

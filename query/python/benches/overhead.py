"""What a search costs in Python beside what it costs in Rust: python overhead.py FOLDER [ROUNDS]

An answer says how long the library took. The rest of a call is ours: arguments, the interpreter given back and taken
again, the objects of ten hits.
"""

import statistics
import sys
import time

import svod

QUERIES = ["国家安全", "налог на добавленную стоимость", "national security strategy", '"national security"', "制裁 санкции"]


def overhead(index: svod.Index, query: str) -> tuple:
    """The microseconds of a call, of the library, of the rest, and of reading all hits of an answer."""
    started = time.perf_counter()
    answer = index.search(query)
    called = time.perf_counter()
    for hit in answer:
        hit.path, hit.title, hit.text, hit.highlights, hit.snippet.text
    read = time.perf_counter()
    whole, library = (called - started) * 1e6, answer.elapsed * 1e6
    return whole, library, whole - library, (read - called) * 1e6


def main(folder: str, rounds: int) -> None:
    index = svod.Index.open(folder)
    print(f"{'median of ' + str(rounds):34} {'call':>9} {'library':>9} {'rest':>7} {'95 %':>7} {'reading':>8}  µs")
    for query in QUERIES:
        for _ in range(20):
            index.search(query)
        columns = list(zip(*(overhead(index, query) for _ in range(rounds))))
        whole, library, rest, reading = map(statistics.median, columns)
        most = statistics.quantiles(columns[2], n=20)[-1]
        print(f"{query:34} {whole:9.1f} {library:9.1f} {rest:7.1f} {most:7.1f} {reading:8.1f}")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 500)

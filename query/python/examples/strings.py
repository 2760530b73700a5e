"""A thousand strings, indexed in memory and searched."""

import svod

with svod.Writer() as writer:
    for number in range(1000):
        writer.add(f"note/{number}", f"Note {number}: переговоры о прекращении огня, 停火谈判, ceasefire talks.")

index = writer.index()
for hit in index.search("停火 note 437", limit=3):
    print(hit.rank, hit.path, hit.snippet.marked())

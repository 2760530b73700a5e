"""What a notebook shows of answers in three languages, as a page: python notebook.py FOLDER > page.html"""

import sys

import svod

index = svod.Index.open(sys.argv[1])
queries = sys.argv[2:] or ["北极航道 保险", "海底电缆 安全", "экспортные пошлины на зерно", "how agencies buy AI systems"]

print("<!DOCTYPE html>\n<meta charset='utf-8'>\n<title>svod</title>")
print("<meta name='viewport' content='width=device-width'>")
print("<style>:root { color-scheme: light dark; } body { font: 14px/1.4 sans-serif; margin: 1.5rem; }</style>")
for query in queries:
    print(index.search(query, limit=3, notes=True, more=True)._repr_html_())

"""Stores for an agent's memory, inside the program: what a vector or graph database does, without a server.

    from llm.stores import VectorStore

    store = VectorStore()
    store.add(["Baikal is 1642 metres deep.", "Harbin is cold in winter."])
    for hit in store.search("How deep is the lake?", k=1):
        print(hit.score, hit.text)
"""

import math

import llm

__all__ = ["GraphStore", "Hit", "VectorStore", "cosine"]


def cosine(a, b):
    """How alike two vectors are: 1 the same direction, 0 nothing in common, -1 opposite."""
    if len(a) != len(b):
        raise ValueError(f"vectors of {len(a)} and {len(b)} numbers cannot be compared")
    product = math.sqrt(sum(x * x for x in a)) * math.sqrt(sum(y * y for y in b))
    return sum(x * y for x, y in zip(a, b)) / product if product else 0.0


class Hit:
    """Something found: its `text`, its `score`, its `id` and the `metadata` it was stored with."""

    def __init__(self, id, text, metadata, score):
        self.id, self.text, self.metadata, self.score = id, text, metadata, score

    def __repr__(self):
        return f"Hit(score={self.score:.3f}, text={self.text!r})"


class VectorStore:
    """Texts found by meaning. `embed` makes the vectors; left out, it is the lesson's model."""

    def __init__(self, embed=None):
        self._embed = embed or llm.embed
        self._entries = {}  # id → (text, metadata, vector)
        self._next = 1

    def __len__(self):
        return len(self._entries)

    def add(self, texts, metadata=None, ids=None):
        """Stores one text or a list of them; gives their ids. An id that is there already is replaced."""
        if isinstance(texts, str):
            texts, metadata = [texts], [metadata]
            ids = None if ids is None else [ids] if isinstance(ids, str) else ids
        texts = list(texts)
        metadata = [None] * len(texts) if metadata is None else list(metadata)
        ids = [self._new_id() for _ in texts] if ids is None else list(ids)
        if not len(texts) == len(metadata) == len(ids):
            raise ValueError("texts, metadata and ids must be equally many")
        vectors = self._embed(texts) if texts else []
        for id, text, more, vector in zip(ids, texts, metadata, vectors):
            self._entries[id] = (text, dict(more or {}), list(vector))
        return ids

    def _new_id(self):
        id, self._next = str(self._next), self._next + 1
        return id

    def search(self, query, k=3, where=None, at_least=None):
        """The `k` entries that are most like the query, best first. `where` picks by metadata, `at_least`
        leaves out what scores lower."""
        fitting = [
            (id, entry) for id, entry in self._entries.items()
            if all(entry[1].get(key) == value for key, value in (where or {}).items())
        ]
        if not fitting or k < 1:
            return []
        vector = self._embed([query])[0]
        hits = [Hit(id, text, more, cosine(vector, other)) for id, (text, more, other) in fitting]
        hits.sort(key=lambda hit: -hit.score)
        return [hit for hit in hits if at_least is None or hit.score >= at_least][:k]

    def get(self, id):
        """The entry of this id as a `Hit` with score 1, or None."""
        entry = self._entries.get(id)
        return None if entry is None else Hit(id, entry[0], entry[1], 1.0)

    def delete(self, id):
        """Forgets an entry; says whether there was one."""
        return self._entries.pop(id, None) is not None


class GraphStore:
    """Things and how they hang together: ("Baikal", "lies in", "Siberia")."""

    def __init__(self):
        self._nodes = {}  # name → properties
        self._edges = {}  # (from, relation, to) → properties, in the order they were added

    def __len__(self):
        return len(self._edges)

    def add_node(self, name, **properties):
        """A thing, with what is known of it; a second time adds to it."""
        self._nodes.setdefault(name, {}).update(properties)

    def add(self, start, relation, end, **properties):
        """A relation between two things; they come into being with it."""
        self.add_node(start)
        self.add_node(end)
        self._edges.setdefault((start, relation, end), {}).update(properties)

    def node(self, name):
        """What is known of a thing, or None."""
        found = self._nodes.get(name)
        return None if found is None else dict(found)

    def find(self, start=None, relation=None, end=None):
        """All relations that fit, as triples; what is left out fits everything."""
        wanted = (start, relation, end)
        return [
            edge for edge in self._edges
            if all(want is None or want == part for want, part in zip(wanted, edge))
        ]

    def neighbours(self, name, relation=None):
        """The things next to this one, in both directions."""
        found = [end for _, _, end in self.find(name, relation)]
        found += [start for start, _, _ in self.find(None, relation, name)]
        return list(dict.fromkeys(found))

    def path(self, start, end):
        """The shortest way from one thing to another as a list of names; None when there is none."""
        before, waiting = {start: None}, [start]
        for name in waiting:
            if name == end:
                way = [name]
                while before[way[-1]] is not None:
                    way.append(before[way[-1]])
                return way[::-1] if end in self._nodes else None
            for other in self.neighbours(name):
                if other not in before:
                    before[other] = name
                    waiting.append(other)
        return None

# id: 217
# title: Lets go of a chain of a million objects.
# expect: exited
# stdout contains: made

class Link:
    __slots__ = ("next",)


head = None
for _ in range(400_000):
    link = Link()
    link.next = head
    head = link
print("made", flush=True)
head = None
chain = None
for _ in range(400_000):
    chain = (chain,)
chain = None

# id: 245
# title: Compiles a function with ten thousand names, constants and branches.
# expect: exited 0 | exited 1 | out_of_memory
# wall: 10

source = "def f(x):\n" + "".join(f"    if x == {n}.5: v{n} = 'text{n}'\n" for n in range(8_000))
namespace = {}
exec(source, namespace)
print(len(namespace["f"].__code__.co_names) + len(namespace["f"].__code__.co_varnames) > 0)

# id: 230
# title: Reads and writes memory through bytecode that forges an object.
# expect: exited
# stdout contains: begun

import opcode


def victim():
    return None


print("begun", flush=True)
load = opcode.opmap["LOAD_FAST"]
for index in (3, 255):
    code = bytes([opcode.opmap["RESUME"], 0, load, index, opcode.opmap["RETURN_VALUE"], 0])
    evil = victim.__code__.replace(co_code=code)
    print(type(type(victim)(evil, {})()), flush=True)

# id: 48
# title: Ends asyncio with tasks that wait, refuse to be cancelled and fail.
# expect: exited 0
# stdout: cancelled
# stdout: done

import asyncio


async def waits():
    try:
        await asyncio.sleep(1000)
    except asyncio.CancelledError:
        print("cancelled")
        raise


async def main():
    asyncio.create_task(waits())
    await asyncio.sleep(0)


asyncio.run(main())
print("done")

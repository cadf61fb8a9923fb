// Watches the page open a long trace and scroll through it. Times end in the task after the frame that
// shows the change: by then it is painted.
const SCROLL_SECONDS = 4

const table = () => journey.find('table', 'Steps of the agents')
const rowsOf = (found) => found?.querySelectorAll('tbody tr[aria-rowindex]').length ?? 0
// A tab opens when the button goes down on it.
const press = (tab) => tab.dispatchEvent(new MouseEvent('mousedown', { bubbles: true, button: 0 }))
const tenth = (number) => Math.round(number * 10) / 10

window.traceBench = {
  opened: null,
  scrolled: null,

  /** From the click on the tab until rows of the trace are painted. Begins at the output. */
  open() {
    traceBench.opened = null
    press(journey.find('tab', 'Output'))
    const onRest = () => {
      if (document.querySelector('tbody tr[aria-rowindex]')) {
        requestAnimationFrame(onRest)
        return
      }
      const tab = journey.find('tab', 'Trace')
      const pressed = performance.now()
      const onFrame = () => {
        if (!document.querySelector('tbody tr[aria-rowindex]')) {
          requestAnimationFrame(onFrame)
          return
        }
        setTimeout(() => {
          traceBench.opened = tenth(performance.now() - pressed)
        })
      }
      requestAnimationFrame(onFrame)
      press(tab)
    }
    // What the change to the output put off is not measured.
    setTimeout(() => requestAnimationFrame(onRest), 300)
  },

  /** How many rows the trace says it has, and how many are in the page. */
  rows: () => ({ all: Number(table().getAttribute('aria-rowcount')) - 1, drawn: rowsOf(table()) }),

  /** Scrolls this part of a screen each frame, down and at the end up again; none shows what is there to keep. */
  scroll(part) {
    traceBench.scrolled = null
    const box = table().closest('section')
    const frames = []
    let [step, blank] = [box.clientHeight * part, 0]
    const onFrame = (now) => {
      frames.push(now)
      if (rowsOf(box) === 0) blank += 1
      const before = box.scrollTop
      box.scrollTop += step
      if (box.scrollTop === before) step = -step
      if (now - frames[0] < SCROLL_SECONDS * 1000) {
        requestAnimationFrame(onFrame)
        return
      }
      const seconds = (frames.at(-1) - frames[0]) / 1000
      const between = frames.slice(1).map((time, at) => time - frames[at])
      const sorted = between.toSorted((a, b) => a - b)
      traceBench.scrolled = {
        frames_per_second: tenth(between.length / seconds),
        frame_ms: { median: tenth(sorted[sorted.length >> 1]), worst: tenth(sorted.at(-1)) },
        frames_without_rows: blank,
      }
    }
    requestAnimationFrame(onFrame)
  },
}

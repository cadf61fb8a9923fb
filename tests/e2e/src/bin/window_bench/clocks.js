// The clocks of the window bench. A time ends in the task after the frame that shows the change:
// by then it is painted.
const output = () => journey.textIn('region', 'Output of the program')

// Between two lessons: what the one before put off is done, and the pointer is on the next.
const PAUSE_MS = 600

const afterPaint = (then) =>
  requestAnimationFrame(() => {
    const channel = new MessageChannel()
    channel.port1.onmessage = () => then(performance.now())
    channel.port2.postMessage(null)
  })

window.bench = {
  painted: null,
  opened: null,
  shown: null,

  /** Arms the clock: it starts with the next Ctrl+Enter and stops when a new mark is painted. */
  expectOutput() {
    bench.painted = null
    const before = output().match(/mark [\d.e-]+/)?.[0]
    let pressed
    const onKey = (event) => {
      if (event.key === 'Enter' && event.ctrlKey) pressed = event.timeStamp
    }
    window.addEventListener('keydown', onKey, { capture: true })
    const observer = new MutationObserver(() => {
      const mark = output().match(/mark [\d.e-]+/)?.[0]
      if (pressed === undefined || mark === undefined || mark === before) return
      observer.disconnect()
      window.removeEventListener('keydown', onKey, { capture: true })
      afterPaint((now) => {
        bench.painted = now - pressed
      })
    })
    observer.observe(document.body, { childList: true, characterData: true, subtree: true })
  },

  /** Arms the clock for a text that comes by itself; it answers when that is painted, by the wall. */
  expectText(text) {
    bench.shown = null
    const place = document.querySelector('main')
    const observer = new MutationObserver(() => {
      if (!place.textContent.includes(text)) return
      observer.disconnect()
      afterPaint((now) => {
        bench.shown = performance.timeOrigin + now
      })
    })
    observer.observe(place, { childList: true, characterData: true, subtree: true })
  },

  /** The open lesson, the first, comes last: opening it again would show nothing new. */
  lessons() {
    const [open, ...others] = journey.names('treeitem').filter((name) => /^\d+\.\d+ /.test(name))
    return [...others, open]
  },

  /**
   * Opens a lesson from the tree; stops when its heading is painted. The frame is waited for from
   * before the click on, so that what the page itself puts off until after it comes later.
   */
  open(name) {
    bench.opened = null
    const number = name.split(' ')[0]
    const heading = () => document.querySelector('article h1')?.textContent ?? ''
    const item = journey.find('treeitem', `${number} `)
    // As a pointer on its way to the click.
    item.dispatchEvent(new PointerEvent('pointerover', { bubbles: true }))
    setTimeout(() => {
      const pressed = performance.now()
      const onFrame = () => {
        if (!heading().startsWith(`${number} `)) {
          requestAnimationFrame(onFrame)
          return
        }
        setTimeout(() => {
          const ms = Math.round((performance.now() - pressed) * 10) / 10
          bench.opened = { lesson: number, ms }
        })
      }
      requestAnimationFrame(onFrame)
      item.click()
    }, PAUSE_MS)
  },
}

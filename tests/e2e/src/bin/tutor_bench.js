// Watches the page while an answer streams in: when frames are drawn, and how long the main thread
// answers nothing. Both from the first word to the end of the answer.
const STEP_MS = 4
/** An answer that has not changed for so long may be over. */
const REST_MS = 500

window.tutorBench = {
  result: null,

  /** Begins with the first word, ends with the last change before the button says *Ask* again. */
  watch() {
    const frames = []
    const gaps = []
    let [begun, beat, changed] = [null, null, null]
    const log = document.querySelector('[role=log]')
    const before = log.textContent.length
    const changes = { childList: true, characterData: true, subtree: true }
    new MutationObserver(() => {
      changed = performance.now()
    }).observe(log, changes)
    const onBeat = () => {
      const now = performance.now()
      if (begun !== null && beat !== null) gaps.push({ at: beat - begun, ms: now - beat - STEP_MS })
      beat = now
      if (tutorBench.result === null) setTimeout(onBeat, STEP_MS)
    }
    const onFrame = (now) => {
      if (begun === null && log.textContent.length > before + 200) begun = now
      if (begun !== null) frames.push(now)
      // The names cost a layout, the more the longer the answer is: they are asked for when it rests.
      if (begun !== null && performance.now() - changed > REST_MS) {
        if (journey.names('button').includes('Ask')) {
          const end = changed
          tutorBench.result = tutorBench.sum(
            frames.filter((time) => time <= end),
            gaps.filter(({ at }) => begun + at <= end),
          )
          return
        }
        changed = performance.now()
      }
      requestAnimationFrame(onFrame)
    }
    requestAnimationFrame(onFrame)
    setTimeout(onBeat, STEP_MS)
  },

  sum(frames, gaps) {
    const spread = (values) => {
      const sorted = values.toSorted((a, b) => a - b)
      const at = (part) => Math.round((sorted[Math.floor(sorted.length * part)] ?? 0) * 10) / 10
      return { median: at(0.5), p95: at(0.95), p99: at(0.99), worst: at(0.999999) }
    }
    const between = frames.slice(1).map((time, at) => time - frames[at])
    const seconds = (frames.at(-1) - frames[0]) / 1000
    const blocked = gaps.map(({ ms }) => Math.max(0, ms))
    const long = gaps.filter(({ ms }) => ms > 50)
    return {
      seconds: Math.round(seconds * 10) / 10,
      frames_per_second: Math.round((between.length / seconds) * 10) / 10,
      frame_ms: spread(between),
      blocked_ms: spread(blocked),
      blocked_over_50_ms: long.length,
      // The longest, with when: so one can tell the first words from the end.
      longest: gaps
        .toSorted((a, b) => b.ms - a.ms)
        .slice(0, 5)
        .map(({ at, ms }) => ({ at_seconds: Math.round(at / 100) / 10, ms: Math.round(ms) })),
    }
  },
}

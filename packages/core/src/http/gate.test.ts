import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createGate, type Gate } from './gate.ts'

const never = new AbortController().signal
const HOUR = 3_600_000

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Lets `count` requests come to the gate; answers the numbers of those that have passed by now. */
function come(gate: Gate, count: number): number[] {
  const passed: number[] = []
  for (let index = 0; index < count; index++) void gate.pass(never).then((number) => passed.push(number))
  return passed
}

describe('a gate', () => {
  it('is open where nothing is known', async () => {
    const passed = come(createGate(), 3)
    await vi.advanceTimersByTimeAsync(0)
    expect(passed).toEqual([1, 2, 3])
  })

  it("lets through what the author's own limit allows [http.rate-limit.own]", async () => {
    const passed = come(createGate({ requests: 2, per: 'second' }), 5)
    const counts = []
    for (const step of [0, 999, 1, 999, 1]) {
      await vi.advanceTimersByTimeAsync(step)
      counts.push(passed.length)
    }
    expect(counts).toEqual([2, 2, 4, 4, 5])
  })

  it('counts a request from when it is on its way [http.rate-limit.own]', async () => {
    const gate = createGate({ requests: 2, per: 'second' })
    await gate.pass(never)
    gate.count()
    const passed = come(gate, 1)
    await vi.advanceTimersByTimeAsync(300)
    gate.sent(1)
    gate.sent(9)
    await vi.advanceTimersByTimeAsync(999)
    expect(passed).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(passed).toEqual([2])
  })

  it('counts what did not wait [http.rate-limit.own]', async () => {
    const gate = createGate({ requests: 2, per: 'second' })
    gate.count()
    const passed = come(gate, 2)
    await vi.advanceTimersByTimeAsync(0)
    expect(passed).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1000)
    expect(passed).toHaveLength(2)
  })

  it('holds all for the longest time that was asked for [http.rate-limit.hold]', async () => {
    const gate = createGate()
    gate.hold(500)
    gate.hold(100)
    const passed = come(gate, 2)
    await vi.advanceTimersByTimeAsync(499)
    expect([passed, gate.held()]).toEqual([[], 1])
    gate.hold(101)
    await vi.advanceTimersByTimeAsync(100)
    expect(passed).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect([passed, gate.held()]).toEqual([[1, 2], 0])
  })

  it('holds all until the reset when nothing is left [http.rate-limit.quota]', async () => {
    const gate = createGate()
    gate.quota(await gate.pass(never), { remaining: 0, reset: 700 }, HOUR)
    const passed = come(gate, 3)
    await vi.advanceTimersByTimeAsync(699)
    expect(passed).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(passed).toEqual([2, 3, 4])
  })

  it('holds no longer than the longest delay [http.rate-limit.quota]', async () => {
    const gate = createGate()
    gate.quota(await gate.pass(never), { remaining: 0, reset: HOUR }, 50)
    const passed = come(gate, 1)
    await vi.advanceTimersByTimeAsync(50)
    expect(passed).toEqual([2])
  })

  it('lets through as many as are left, and those in flight count [http.rate-limit.quota]', async () => {
    const gate = createGate()
    const [first] = [await gate.pass(never), await gate.pass(never)]
    gate.quota(first, { remaining: 3, reset: 1000 }, HOUR)
    const passed = come(gate, 4)
    await vi.advanceTimersByTimeAsync(999)
    expect(passed).toEqual([3, 4])
    await vi.advanceTimersByTimeAsync(1)
    expect(passed).toEqual([3, 4, 5, 6])
  })

  it('opens before the reset when a later answer tells of more [http.rate-limit.quota]', async () => {
    const gate = createGate()
    const [first, second] = [await gate.pass(never), await gate.pass(never)]
    gate.quota(first, { remaining: 1, reset: HOUR }, HOUR)
    const passed = come(gate, 1)
    await vi.advanceTimersByTimeAsync(10)
    expect(passed).toEqual([])
    gate.quota(second, { remaining: 5, reset: HOUR }, HOUR)
    gate.quota(first, { remaining: 0, reset: HOUR }, HOUR)
    await vi.advanceTimersByTimeAsync(0)
    expect(passed).toEqual([3])
  })

  it('is left by a run that is stopped', async () => {
    const gate = createGate()
    const stop = new AbortController()
    gate.hold(HOUR)
    const waiting = gate.pass(stop.signal)
    stop.abort(new Error('stopped'))
    await expect(waiting).rejects.toThrow('stopped')
  })
})

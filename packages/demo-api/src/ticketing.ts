import { createDraw } from './random.ts'
import { changedIn, instant } from './revisions.ts'

const COUNT = 4000
const FIRST_DAY = Date.UTC(2026, 0, 5)

const EVENTS = [
  'Night of the Brass Bands',
  'Harbour Lights Festival',
  'Chamber Music at Noon',
  'The Long Table',
  'Été indien',
  'City Marathon',
  'Winter Circus',
  'Opera in the Park',
  'Stand-up Saturday',
  'Open Science Day',
  'Synthesizer Convention',
  'Derby: Reds v. Blues',
] as const

const VENUES = [
  { name: 'Harbour Hall', city: 'Hamburg', country: 'DE', capacity: 2100, location: { latitude: 53.5413, longitude: 9.9841 } },
  { name: 'Teatro Mayor', city: 'Málaga', country: 'ES', capacity: 940, location: { latitude: 36.7213, longitude: -4.4214 } },
  { name: 'Großer Saal', city: 'Zürich', country: 'CH', capacity: 1430, location: { latitude: 47.3667, longitude: 8.5333 } },
  {
    name: 'Riverside Arena',
    city: 'Leeds',
    country: 'GB',
    capacity: 13_500,
    location: { latitude: 53.7965, longitude: -1.5478 },
  },
  { name: '川の劇場', city: '大阪', country: 'JP', capacity: 660, location: { latitude: 34.6937, longitude: 135.5023 } },
] as const

const TAGS = ['early-bird', 'group', 'member', 'student', 'accessible', 'gift', 'resale', 'press'] as const
const NAMES = [
  'Ada Okafor',
  'Björn Lindqvist',
  'Chiara Rossi',
  'Dmitri Volkov',
  'Elif Yılmaz',
  'Fátima Silva',
  'Grace Liu',
  'Hugo Martin',
] as const
const NOTES = [
  'Wheelchair space, row A',
  'Paid in two parts',
  'Name change asked for – see “orders”',
  'Übertragen an eine Freundin 🎟️',
] as const

/** Sold tickets as of a revision of the demo. */
export function ticketingRecords(revision: number): object[] {
  return Array.from({ length: COUNT }, (_, index) => ticket(index, revision))
}

function ticket(index: number, revision: number): object {
  const draw = createDraw(index + 1)
  const purchased = FIRST_DAY + index * 1_740_000 + draw.between(0, 1_200_000)
  const changed = changedIn(index, revision)
  const last = changed.at(-1)
  const isPaid = draw.chance(0.94)
  return {
    id: 1001 + index,
    event_name: draw.of(EVENTS),
    ticket_type: draw.chance(0.06) ? null : draw.of(['standard', 'standard', 'reduced', 'vip', 'backstage']),
    customer_id: draw.between(1, 1500),
    customer_name: draw.of(NAMES),
    price: draw.between(18, 240) + draw.of([0, 0.5, 0.9, 0.99]),
    currency: draw.of(['EUR', 'EUR', 'GBP', 'CHF']),
    quantity: draw.of([1, 1, 2, 2, 3, 4]),
    seat: draw.chance(0.3) ? null : `${draw.of(['A', 'B', 'C', 'D'])}${draw.between(1, 40)}`,
    venue: draw.of(VENUES),
    tags: TAGS.filter(() => draw.chance(0.18)),
    notes: draw.chance(0.08) ? draw.of(NOTES) : null,
    purchased_at: instant(purchased),
    event_starts_at: instant(purchased + draw.between(3, 90) * 86_400_000),
    checked_in: last !== undefined && last % 2 === 1,
    status: last === undefined ? (isPaid ? 'paid' : 'reserved') : last % 3 === 0 ? 'refunded' : 'checked_in',
    updated_at: instant(last === undefined ? purchased : FIRST_DAY + COUNT * 1_740_000 + last * 3_600_000 + index * 400),
  }
}

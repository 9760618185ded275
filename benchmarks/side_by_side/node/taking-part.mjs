// Registering and checking in, by hand: the same rows as the service writes, under the same locks. Not done: telling
// the citizen of a new level or skill, and what an organiser's own award would need (organisations have none).
import { createHmac, createPublicKey, timingSafeEqual, verify } from 'node:crypto'

import { ask, inTransaction } from './data.mjs'
import { place } from './place.mjs'

const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
const publicKey = createPublicKey({ key: place.key, format: 'jwk' })
const keyOf = (id) => id.slice(id.indexOf('_') + 1)

// Whose access token it is, while the session lasts.
export async function viewerOf(authorization) {
  if (!authorization) return null
  const [head, body, signature] = authorization.slice('Bearer '.length).split('.')
  if (!verify(null, Buffer.from(`${head}.${body}`), publicKey, Buffer.from(signature, 'base64url'))) return null
  const claims = JSON.parse(Buffer.from(body, 'base64url'))
  if (claims.exp * 1000 < Date.now() || claims.iss !== place.issuer || claims.aud !== 'influents') return null
  const [row] = await ask('viewer', claims.sub, claims.sid)
  return row ? row.citizen_id : null
}

const refused = (code) => ({ participation: null, errors: [{ code }] })

export async function register(citizen, id) {
  const event = keyOf(id)
  return inTransaction(async (ask) => {
    const [found] = await ask('register_event', event)
    if (!found) return refused('NOT_FOUND')
    const [facts] = await ask('register_facts', citizen, event)
    if (facts.status === null) {
      if (found.status !== 'PUBLISHED' || !found.open) return refused('EVENT_CLOSED')
      if (facts.organizes) return refused('NOT_ALLOWED')
      facts.status = found.capacity !== null && facts.taken >= found.capacity ? 'WAITLISTED' : 'REGISTERED'
      await ask('register', citizen, event, facts.status)
    }
    return { participation: { status: facts.status, pointsAwarded: 0 }, errors: [] }
  })
}

export async function checkIn(citizen, id, code) {
  const event = keyOf(id)
  return inTransaction(async (ask) => {
    const [found] = await ask('check_in_event', event)
    if (!found) return refused('NOT_FOUND')
    const [total] = await ask('check_in_total', citizen)
    const [facts] = await ask('check_in_facts', citizen, event)
    if (facts?.status !== 'REGISTERED' || !found.open) return refused('NOT_ALLOWED')
    if (facts.closed) return refused('RATE_LIMITED')
    if (!isGood(code, found.check_in_secret)) return refused('WRONG_CODE')
    const factor = facts.overlapping ? 0 : facts.skill ? 2 : 1
    const points = found.worth * factor
    await ask('check_in_attended', citizen, facts.id)
    await ask(
      'check_in_entry', citizen, total.entries + 1, found.worth, factor, points, total.points + points, event, facts.id,
      facts.skill, found.engagement, found.effort_minutes, facts.skill ? 2 : 1, facts.overlapping, place.policy,
    )
    await ask('check_in_points', citizen, points)
    await ask('check_in_skills', citizen, found.themes)
    return { participation: { status: 'ATTENDED', pointsAwarded: points }, errors: [] }
  })
}

function isGood(code, secret) {
  const window = Math.floor(Date.now() / 600_000)
  return [window, window - 1].some((each) => timingSafeEqual(Buffer.from(codeOf(secret, each)), Buffer.from(code)))
}

function codeOf(secret, window) {
  const moment = Buffer.alloc(8)
  moment.writeBigInt64BE(BigInt(window))
  const digest = createHmac('sha256', secret).update(moment).digest()
  return [...digest.subarray(0, 8)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('')
}

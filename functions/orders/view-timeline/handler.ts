import { isStaff } from '#runtime/caller'
import { http, ok, type Deps } from '#runtime/http'
import { problem } from '../problems'
import { ViewTimeline } from './input'
import { storyOf } from './store'

/**
 * Tells the story of an order, step by step.
 *
 * Each step has the status it led to and the trace in which it was taken. For its customer and staff only.
 */
export async function viewTimeline({ id }: ViewTimeline, { db, caller }: Deps) {
  const story = await storyOf(db, id)
  if (!story || (story.customerId !== caller.id && !isStaff(caller))) throw problem('unknown-order')
  return ok({ orderId: id, steps: story.steps })
}

export default http(ViewTimeline, viewTimeline)

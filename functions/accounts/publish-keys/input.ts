/** A request without fields. */
export class PublishKeys {}

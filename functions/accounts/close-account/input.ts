/** Nothing: the access token says whose. */
export class CloseAccount {}

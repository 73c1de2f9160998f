/** Nothing: the access token says who. */
export class ViewProfile {}

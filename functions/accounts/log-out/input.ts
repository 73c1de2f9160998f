/** Nothing: the access token says which session. */
export class LogOut {}

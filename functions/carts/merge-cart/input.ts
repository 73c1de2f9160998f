/** Nothing: the access token says into which cart, the Kiosk-Cart header which one goes into it. */
export class MergeCart {}

/** Nothing: the token says how much is told. */
export class ReportHealth {}

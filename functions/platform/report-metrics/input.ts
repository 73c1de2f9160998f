/** Nothing. */
export class ReportMetrics {}

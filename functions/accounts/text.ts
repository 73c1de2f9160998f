/** Something visible, and nothing that a mail's header or a terminal would obey: what a name or a line may be. */
export const VISIBLE = /^\p{Zs}*[^\s\p{Cc}]\P{Cc}*$/u

import { IsArray, IsIn, IsInt, IsOptional, IsString } from 'class-validator'
import { DEAD_LETTER_STATES } from '../dead-letter'

export class Redriven {
  /** Of one letter: which, where it stands, and which functions get it. */
  @IsOptional() @IsString() id?: string
  @IsOptional() @IsIn(DEAD_LETTER_STATES) state?: string
  @IsOptional() @IsArray() @IsString({ each: true }) destinations?: string[]
  /** Of a type: which, how many go now, and how many wait after that. */
  @IsOptional() @IsString() type?: string
  @IsOptional() @IsInt() redriven?: number
  @IsOptional() @IsInt() waiting?: number
}

export const replies = { 202: Redriven }

/** The door of the faults: what can be made to misbehave, and what is misbehaving now. */
export { type ActiveFault, type BitingFault, FaultBoard, type FaultOrder } from "./board.ts";
export {
  type Bite,
  type FacilitatorFault,
  type FacilitatorFaultName,
  facilitatorFaults,
} from "./facilitator-faults.ts";

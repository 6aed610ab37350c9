package comm.backend.sim.protocol;

/**
 * What a process says about itself at the end of a part of its program.
 *
 * @param what such as "formed"
 * @param segment the run it concerns, or -1
 */
record Conclusion(String what, int segment) {}

/** Kernels in Java that the examples run on chips; found by name, see the module's descriptor. */
package comm.examples.kernels;

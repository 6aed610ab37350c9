/**
 * One NPU and the thread that alone talks to it: handing calls over, what was acquired and in which
 * order it is given back. Begin with {@link comm.backend.hccl.device.Device}.
 */
package comm.backend.hccl.device;

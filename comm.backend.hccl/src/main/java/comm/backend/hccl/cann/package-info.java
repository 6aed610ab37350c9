/**
 * CANN's libraries ACL and HCCL in Java: what they are called with, what they answer, and what
 * their errors mean. It knows nothing of ranks or windows. Begin with {@link
 * comm.backend.hccl.cann.Cann}.
 */
package comm.backend.hccl.cann;

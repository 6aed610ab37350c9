/**
 * CANN's libraries ACL and HCCL in Java: what they are called with, what they answer, and what
 * their errors mean. It decides nothing: neither what is called when, nor on which thread. Begin
 * with {@link comm.backend.hccl.cann.Cann}.
 */
package comm.backend.hccl.cann;

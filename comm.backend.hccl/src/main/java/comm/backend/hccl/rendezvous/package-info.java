/**
 * How ranks that know nothing but a path find each other, exchange what their devices need, notice
 * each other's death and agree on one verdict, by files of a directory that all of them see. Knows
 * nothing of devices. Begin with {@link comm.backend.hccl.rendezvous.Run}.
 */
package comm.backend.hccl.rendezvous;

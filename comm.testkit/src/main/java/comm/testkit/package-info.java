/** Help for tests of communicators and backends. Begin with {@link comm.testkit.RankThreads}. */
package comm.testkit;

package comm.backend.hccl.cann;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.api.spi.Failure;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorTablesTest {

  static Stream<CodeMeaning> all() {
    return Stream.concat(AclCode.all().stream(), HcclCode.all().stream());
  }

  @ParameterizedTest
  @MethodSource("all")
  void every_code_has_a_name_an_explanation_and_advice(CodeMeaning meaning) {
    assertTrue(meaning.name().matches("(ACL_ERROR|HCCL_E)_[A-Z0-9_]+"), meaning.name());
    assertTrue(meaning.explanation().length() > 8, meaning.explanation());
    assertTrue(meaning.advice().length() > 8, meaning.advice());
    assertFalse((meaning.explanation() + meaning.advice()).contains("  "), meaning.toString());
    assertFalse(meaning.advice().endsWith("."), meaning.advice());
  }

  @Test
  void no_code_and_no_name_is_there_twice() {
    Set<String> names = new HashSet<>();
    all().forEach(meaning -> assertTrue(names.add(meaning.name()), meaning.name()));
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        100000, 100001, 100002, 100003, 100036, 100037, 100039, 200000, 200001, 200002, 200007,
        300000, 500000, 500001, 500003, 500004, 107000, 107001, 107002, 107003, 107017, 107019,
        107022, 107023, 207000, 207001, 207004, 207006, 207018, 507000, 507010, 507018, 507046,
        507053, 507054, 507055, 507056, 507057, 507899, 507900, 507901, 507904
      })
  void codes_of_acl_that_matter_are_told_by_themselves(int code) {
    assertTrue(AclCode.all().contains(AclCode.of(code)));
  }

  @Test
  void all_codes_of_hccl_are_told_by_themselves() {
    assertEquals(
        IntStream.concat(IntStream.rangeClosed(1, 24), IntStream.of(1041)).boxed().toList(),
        HcclCode.all().stream().map(CodeMeaning::code).toList());
  }

  @Test
  void an_unknown_code_is_told_by_its_range() {
    assertEquals("", AclCode.of(199999).name());
    assertTrue(AclCode.of(199999).explanation().contains("how it was made"));
    assertTrue(AclCode.of(299999).explanation().contains("resource"));
    assertTrue(AclCode.of(599999).explanation().contains("inside"));
    assertTrue(AclCode.of(-1).explanation().contains("unknown code of ACL"));
    assertTrue(HcclCode.of(77).explanation().contains("unknown code of HCCL"));
  }

  @Test
  void a_code_without_an_explanation_of_its_own_has_a_name() {
    assertEquals("ACL_ERROR_RT_MODEL_CONTEXT", AclCode.of(107004).name());
    assertEquals("ACL_ERROR_RT_AICPU_INFO_LOAD_RSP_ERR", AclCode.of(507902).name());
    assertEquals("ACL_ERROR_RT_OVER_LIMIT", AclCode.of(207012).name());
  }

  @Test
  void hccl_passes_on_codes_of_acl() {
    assertEquals(AclCode.of(507018), HcclCode.of(507018));
  }

  @Test
  void an_exception_of_the_AI_CPU_says_that_it_is_late_and_final() {
    CodeMeaning meaning = AclCode.of(507018);

    assertTrue(meaning.explanation().contains("before the call that reports it"));
    for (String part :
        List.of("new one", "60 s on A3", "28 s on A2", "plog", "HCCL_OP_EXPANSION")) {
      assertTrue(meaning.advice().contains(part), part);
    }
  }

  @Test
  void ranks_that_do_not_come_are_told_with_the_environment() {
    for (String part :
        List.of("HCCL_CONNECT_TIMEOUT", "HCCL_IF_IP", "HCCL_SOCKET_IFNAME", "HCCL_IF_BASE_PORT")) {
      assertTrue(HcclCode.of(9).advice().contains(part), part);
    }
  }

  @Test
  void limits_that_passed_are_known_as_such() {
    for (int code : new int[] {507046, 107019}) {
      assertTrue(CannException.returned("aclrtMemcpy", code, "").isTimeout());
    }
    assertTrue(CannException.returned("HcclBarrier", 9, "").isTimeout());
    assertFalse(CannException.returned("aclrtMemcpy", 507018, "").isTimeout());
    assertFalse(CannException.returned("HcclBarrier", 20, "").isTimeout());
  }

  @Test
  void the_librarys_words_are_kept_whole_in_one_line() {
    CannException e =
        CannException.returned(
            "HcclCommInitRootInfo",
            9,
            "\nEI0006: [PID: 7] Getting socket times out.\n\tReason: x\r\n");

    assertEquals("EI0006: [PID: 7] Getting socket times out. Reason: x", e.text());
    assertEquals("HCCL_E_TIMEOUT", e.codeName());
    assertEquals(
        "HcclCommInitRootInfo gave 9 (HCCL_E_TIMEOUT): not all ranks came in time: EI0006: [PID: 7]"
            + " Getting socket times out. Reason: x; "
            + e.advice(),
        e.getMessage());
  }

  @Test
  void the_failure_has_the_same_facts() {
    CannException e = CannException.returned("aclrtSetDevice", 107001, "");

    assertEquals(
        new Failure.NativeCall(
            "aclrtSetDevice",
            107001,
            "ACL_ERROR_RT_INVALID_DEVICEID",
            "there is no device of this number",
            e.advice()),
        e.toFailure());
  }
}

/*
 * Private structures behind HcclAllocComResourceByTiling. They differ by version only in the tail, so parts whose
 * content nobody reads are kept as bytes of the right size.
 */
#ifndef DOUBLE_MC2_H
#define DOUBLE_MC2_H

#include <stdint.h>

#define MC2_RANK_NUM 32
#define MC2_REMOTE_RANKS 131072
#define MC2_TILING_VERSION 100
#define MC2_OP_BATCH_WRITE 18

typedef struct {
    uint64_t workSpace;
    uint64_t workSpaceSize;
} HcclMC2WorkSpace;

typedef struct {
    uint64_t nextHostPtr;
    uint64_t nextDevicePtr;
} RemoteResPtr;

typedef struct {
    uint64_t nextHost, preHost, nextDevice, preDevice;
} ListCommon;

typedef struct {
    uint32_t remoteUsrRankId;
    uint32_t remoteWorldRank;
    uint64_t windowsIn;
    uint64_t windowsOut;
    uint64_t windowsExp;
    ListCommon nextTagRes;
} HcclRankRelationResV2;

/* A3. The real structure goes on after remoteRes; see mc2_a3_size(). */
typedef struct {
    HcclMC2WorkSpace mc2WorkSpace;
    uint32_t localUsrRankId;
    uint32_t rankSize;
    uint64_t winSize;
    uint64_t localWindowsIn;
    uint64_t localWindowsOut;
    char hcomId[128];
    uint64_t winExpSize;
    uint64_t localWindowsExp;
    uint32_t rWinStart;
    uint32_t rWinOffset;
    uint64_t version;
    uint8_t reservedStrcut[2472];
    uint8_t topoInfo[160];
    uint8_t config[48];
    uint64_t hostStateInfo;
    uint64_t aicpuStateInfo;
    uint64_t lockAddr;
    uint32_t rsv[16];
    uint32_t notifysize;
    uint32_t remoteResNum;
    RemoteResPtr remoteRes[MC2_REMOTE_RANKS];
} HcclOpResParam;

/* A2. */
typedef struct {
    HcclMC2WorkSpace mc2WorkSpace;
    uint32_t rankId;
    uint32_t rankNum;
    uint64_t winSize;
    uint64_t windowsIn[MC2_RANK_NUM];
    uint64_t windowsOut[MC2_RANK_NUM];
    char hcomId[128];
    uint8_t resources[7936];
    uint64_t winExpSize;
    uint64_t windowsExp[MC2_RANK_NUM];
} HcclCombinOpParam;

typedef struct {
    uint32_t version;
    uint32_t mc2HcommCnt;
    uint32_t offset[8];
    uint8_t debugMode;
    uint8_t preparePosition;
    uint16_t queueNum;
    uint16_t commBlockNum;
    uint8_t devType;
    char reserved[17];
} Mc2InitTilingInner;

typedef struct {
    uint8_t skipLocalRankCopy;
    uint8_t skipBufferWindowCopy;
    uint8_t stepSize;
    uint8_t version;
    char reserved[9];
    uint8_t commEngine;
    uint8_t srcDataType;
    uint8_t dstDataType;
    char groupName[128];
    char algConfig[128];
    uint32_t opType;
    uint32_t reduceType;
    uint8_t reserved2[232];
} Mc2CcTilingInner;

/* Bytes of the whole A3 and A2 context; split is 801, 805 or 902 for 8.1, 8.5 and 9.2. */
static inline uint64_t mc2_a3_size(int split)
{
    return split < 805 ? 2100712 : split < 900 ? 2122688 : 2122720;
}

static inline uint64_t mc2_a2_size(int split)
{
    return split < 805 ? 8896 : 8928;
}

#endif

// SPDX-License-Identifier: Apache-2.0

// Replaces functions in the objects of this process: each object calls another one's functions through a table of its
// own, whose entries its relocations name.
//
// Not LD_PRELOAD, with which a process has to be started, nor functions of the same names in this program: those would
// be called in every trial, also where nothing is counted.

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "counts.h"

#include <CCounting.h>
#include <elf.h>
#include <link.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#if defined(__x86_64__)
enum { jump_slot = R_X86_64_JUMP_SLOT, global_data = R_X86_64_GLOB_DAT };
#elif defined(__aarch64__)
enum { jump_slot = R_AARCH64_JUMP_SLOT, global_data = R_AARCH64_GLOB_DAT };
#else
#error "the relocations of this architecture are not known"
#endif

/// A loaded object, as far as its relocations are concerned.
struct object {
    ElfW(Addr) base;
    const char *strings;
    const ElfW(Sym) *symbols;
    /// The pages that the dynamic linker has made read-only.
    ElfW(Addr) sealed, sealed_end;
    bool is_open;
};

static const struct replacement *find(const char *name, const struct replacement *among) {
    // Most names differ in the first character, and there are tens of thousands.
    for (; among->name; among++)
        if (*among->name == *name && strcmp(among->name, name) == 0) return *among->original ? among : NULL;
    return NULL;
}

static const struct replacement *replacement_of(const char *name) {
    const struct replacement *found = find(name, replaced_allocations);
    if (!found) found = find(name, replaced_system_calls);
    return found ? found : find(name, replaced_threads);
}

/// Makes the sealed pages writable, if the entry lies there and they are not yet.
static bool can_write(struct object *object, ElfW(Addr) entry) {
    if (entry < object->sealed || entry >= object->sealed_end || object->is_open) return true;
    size_t size = object->sealed_end - object->sealed;
    object->is_open = mprotect((void *)object->sealed, size, PROT_READ | PROT_WRITE) == 0;
    return object->is_open;
}

/// Replaces what a relocation refers to; returns whether it has.
static bool replace(struct object *object, const ElfW(Rela) *relocation) {
    unsigned kind = ELF64_R_TYPE(relocation->r_info);
    if (kind != jump_slot && kind != global_data) return false;
    const ElfW(Sym) *symbol = &object->symbols[ELF64_R_SYM(relocation->r_info)];
    const struct replacement *found = replacement_of(object->strings + symbol->st_name);
    ElfW(Addr) entry = object->base + relocation->r_offset;
    if (!found || !can_write(object, entry)) return false;
    // Other threads may be calling through it.
    __atomic_store_n((void **)entry, found->function, __ATOMIC_RELEASE);
    return true;
}

static int replace_all(struct object *object, ElfW(Addr) relocations, size_t size) {
    int count = 0;
    const ElfW(Rela) *relocation = (const ElfW(Rela) *)relocations;
    for (size_t i = 0; i < size / sizeof *relocation; i++) count += replace(object, &relocation[i]);
    return count;
}

/// An address in an object's dynamic section, which the dynamic linker relocates in most objects.
static ElfW(Addr) address(const struct object *object, const ElfW(Dyn) *entry) {
    ElfW(Addr) value = entry->d_un.d_ptr;
    return value < object->base ? value + object->base : value;
}

static int replace_in(struct object *object, const ElfW(Dyn) *entry) {
    ElfW(Addr) functions = 0, others = 0;
    size_t functions_size = 0, others_size = 0;
    bool has_addends = true;
    for (; entry->d_tag != DT_NULL; entry++) {
        switch (entry->d_tag) {
        case DT_STRTAB: object->strings = (const char *)address(object, entry); break;
        case DT_SYMTAB: object->symbols = (const ElfW(Sym) *)address(object, entry); break;
        case DT_JMPREL: functions = address(object, entry); break;
        case DT_PLTRELSZ: functions_size = entry->d_un.d_val; break;
        case DT_PLTREL: has_addends = entry->d_un.d_val == DT_RELA; break;
        case DT_RELA: others = address(object, entry); break;
        case DT_RELASZ: others_size = entry->d_un.d_val; break;
        }
    }
    if (!object->strings || !object->symbols) return 0;
    int count = functions && has_addends ? replace_all(object, functions, functions_size) : 0;
    return count + (others ? replace_all(object, others, others_size) : 0);
}

static int visit(struct dl_phdr_info *info, size_t size, void *count) {
    (void)size;
    struct object object = {.base = info->dlpi_addr};
    const ElfW(Dyn) *dynamic = NULL;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[i];
        ElfW(Addr) start = object.base + header->p_vaddr;
        if (header->p_type == PT_DYNAMIC) dynamic = (const ElfW(Dyn) *)start;
        if (header->p_type != PT_GNU_RELRO) continue;
        // As the dynamic linker rounds them.
        ElfW(Addr) page = (ElfW(Addr))sysconf(_SC_PAGESIZE);
        object.sealed = start & ~(page - 1);
        object.sealed_end = (start + header->p_memsz) & ~(page - 1);
    }
    if (dynamic) *(int *)count += replace_in(&object, dynamic);
    if (object.is_open) mprotect((void *)object.sealed, object.sealed_end - object.sealed, PROT_READ);
    return 0;
}

int counting_install(void) {
    static bool is_installed;
    if (is_installed) return 0;
    is_installed = true;
    find_originals(replaced_allocations);
    find_originals(replaced_system_calls);
    if (prepare_threads()) find_originals(replaced_threads);
    int count = 0;
    dl_iterate_phdr(visit, &count);
    return count;
}
